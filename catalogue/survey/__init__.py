"""The state of the catalogue on a day: who leads how much, what is mapped, what is to be mended and by whom, what changed."""
