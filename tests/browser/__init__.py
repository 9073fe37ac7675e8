"""The pages as people meet them: real Chromium, a real server, the real graph."""
