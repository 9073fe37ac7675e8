"""Pages for people: Vietnamese first, English second, useful without JavaScript, nothing fetched from elsewhere."""
