"""Review -> what a person opens: a terminal page, Markdown, Word or Excel. Each reads the same `Remark`s."""
