"""What the services take in one message, each limit with its source; README.md has them as a table.

Slack and Discord do not say what a character is: UTF-16 code units are the
most that any of their clients counts, and what these renderers hold to.
"""

SLACK_BLOCKS = 50
"""Blocks in a message: https://docs.slack.dev/reference/block-kit/blocks, read 2026-11-28."""
SLACK_HEADER = 150
"""Characters of a header: https://docs.slack.dev/reference/block-kit/blocks/header-block, read 2026-11-28."""
SLACK_TEXT = 3_000
"""Characters of a text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object, read
2026-11-28. No limit is published for the elements of rich text, which are held to the same."""
SLACK_URL = 3_000
"""Characters of a URL: https://docs.slack.dev/reference/block-kit/block-elements/button-element, read 2026-11-28. None
is published for links in rich text, which are held to the same."""
SLACK_MESSAGE = 10_000
"""Characters of `blocks` as JSON, and of `text`. Ours: Slack publishes 40,000 for `text`
(https://docs.slack.dev/reference/methods/chat.postMessage) and none for the blocks together, but refuses some of more
than about 12,000 with `msg_blocks_too_long` (https://github.com/slackapi/bolt-js/issues/2509 and 2867), read
2026-11-28."""

DISCORD_EMBEDS = 10
"""Embeds in a message: https://docs.discord.com/developers/resources/webhook#execute-webhook, read 2026-11-28."""
DISCORD_MESSAGE = 6_000
"""Characters of all embeds in a message together:
https://docs.discord.com/developers/resources/message#embed-object-embed-limits, read 2026-11-28."""
DISCORD_TITLE = 256
"""Characters of the title of an embed: as `DISCORD_MESSAGE`."""
DISCORD_DESCRIPTION = 4_096
"""Characters of the description of an embed: as `DISCORD_MESSAGE`."""
DISCORD_URL = 2_048
"""Characters of the address of an embed: none is published; what Discord answers to a longer one names this."""

MASTODON_CHARACTERS = 500
"""Characters of a post, unless an instance has another limit: https://docs.joinmastodon.org/user/posting/, read
2026-11-28. Mastodon counts graphemes; these renderers count code points, of which there are never fewer, so that a
post fits whatever version of Unicode an instance has, and on other servers of the same API."""
MASTODON_LINK = 23
"""Characters that a link counts for: as `MASTODON_CHARACTERS`."""
MASTODON_URL = 4_096
"""Characters of a link: MAX_URL_LENGTH of the twitter-text that Mastodon finds links with, read 2026-11-28."""

BLUESKY_GRAPHEMES = 300
"""Graphemes of a post:
https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json, read 2026-11-28."""
BLUESKY_BYTES = 3_000
"""Bytes of a post in UTF-8: as `BLUESKY_GRAPHEMES`."""
BLUESKY_URL = 8_192
"""Bytes of a URI: https://atproto.com/specs/lexicon#string-formats, read 2026-11-28."""
