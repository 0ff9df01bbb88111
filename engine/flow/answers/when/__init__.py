"""Reading days and times in what people type, for `date`, `time`, `datetime` and ranges; begin with `mentions`.

A text is cut into tokens (`text`), the tokens become terms by the words of the language (`lexicon`, `words/`),
rules join terms into days and clocks (`days`, `lengths`, `clocks`, `spans`), and what is left over decides whether the
message answers at all (`mentions`).

dateparser is here for what it knows of languages, not as the parser: measured, it takes "2" and "a" for months and
"a las 5" for the fifth, and knows no "viernes que viene", "halb sechs" or "بعد بكرة".
"""
