"""What the services take in one message, each limit with its source; README.md has them as a table.

A number of our own, because none is published, is called ours. Slack and Discord do not say
what a character is: UTF-16 code units are the most that any of their clients
counts, and what these renderers hold to.
"""

SLACK_BLOCKS = 50
"""Blocks in a message: https://docs.slack.dev/reference/block-kit/blocks."""
SLACK_HEADER = 150
"""Characters of a header: https://docs.slack.dev/reference/block-kit/blocks/header-block."""
SLACK_TEXT = 3_000
"""Characters of a text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object. Ours for the
elements of rich text, for which none is published."""
SLACK_URL = 3_000
"""Characters of a link. Ours: https://docs.slack.dev/reference/block-kit/block-elements/link-element has no limit."""
SLACK_FALLBACK = 4_000
"""Characters of `text`: https://docs.slack.dev/reference/methods/chat.postMessage#truncating, which recommends these,
and cuts off what is beyond 40,000."""
SLACK_MESSAGE = 10_000
"""Characters of `blocks` as JSON. Ours: none is published, but larger ones are refused with `msg_blocks_too_long`, the
smallest known of 13,172 (https://github.com/slackapi/bolt-js/issues/2509 and 2867)."""

DISCORD_EMBEDS = 10
"""Embeds in a message: https://docs.discord.com/developers/resources/webhook#execute-webhook."""
DISCORD_MESSAGE = 6_000
"""Characters of all embeds in a message together:
https://docs.discord.com/developers/resources/message#embed-object-embed-limits."""
DISCORD_TITLE = 256
"""Characters of the title of an embed, and of its author: as `DISCORD_MESSAGE`."""
DISCORD_DESCRIPTION = 4_096
"""Characters of the description of an embed: as `DISCORD_MESSAGE`."""
DISCORD_URL = 2_048
"""Characters of a link. Ours: none is published."""

MASTODON_CHARACTERS = 500
"""Characters of a post, unless an instance has another limit: https://docs.joinmastodon.org/user/posting/. Mastodon
counts graphemes; these renderers count code points, of which there are never fewer, so that a post fits whatever
version of Unicode an instance has, and on other servers of the same API."""
MASTODON_LINK = 23
"""Characters that a link counts for: as `MASTODON_CHARACTERS`."""
MASTODON_URL = 4_096
"""Characters of a link: MAX_URL_LENGTH of twitter-text, with which Mastodon finds links."""

BLUESKY_GRAPHEMES = 300
"""Graphemes of a post: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json."""
BLUESKY_BYTES = 3_000
"""Bytes of a post in UTF-8: as `BLUESKY_GRAPHEMES`."""
BLUESKY_URL = 8_192
"""Bytes of a link: https://atproto.com/specs/lexicon#uri."""
