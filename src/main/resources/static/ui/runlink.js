/** Where a run of each kind is shown. */
const PAGES = {train: 'run', 'lr-find': 'lr', 'batch-predict': 'predictions', evaluate: 'evaluation'};

export const link = (run) => '#/' + (PAGES[run.kind] || 'run') + '/' + run.id;
