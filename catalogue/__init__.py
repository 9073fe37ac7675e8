"""The catalogue: the questions it answers, and the store that answers them."""
