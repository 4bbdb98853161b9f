// Runs before the first paint, so that a dark screen does not flash white. A file of its own: the
// content security policy allows no inline script.
try {
  var settings = JSON.parse(localStorage.getItem('shouwen.settings') || '{}')
  var theme = settings.theme
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  if (settings.density === 'compact') document.documentElement.dataset.density = 'compact'
  if (settings.language) document.documentElement.lang = settings.language
} catch {
  // Broken or forbidden storage: the defaults of the style sheet apply.
}
