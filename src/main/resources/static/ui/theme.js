// Runs before the first paint: a page that is dark by choice never flashes white.
document.documentElement.dataset.theme = localStorage.getItem('onecycle-theme') || 'system';
