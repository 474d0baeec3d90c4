# Reads feeds, a JSON list of texts on standard input, and prints what the validating parser of Ruby's gem `rss` has
# against each: null where it is nothing. It is strict: an element that it does not know is one that should not be there.
require "json"
require "rss"

verdicts = JSON.parse($stdin.read).map do |text|
  RSS::Parser.parse(text, true, false)
  nil
rescue RSS::Error => error
  "#{error.class}: #{error.message}"
end
puts JSON.generate(verdicts)
