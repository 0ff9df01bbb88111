"""Reading days and times in what people type: words to terms, terms to days and clocks by rules; see `mentions`."""
