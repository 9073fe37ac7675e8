// The editor page loads this beside site.js.
