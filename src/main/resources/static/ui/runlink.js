/** Where a run of each kind is shown; an import is shown by the dataset that it makes. */
const PAGES = {train: 'run', 'lr-find': 'lr', 'batch-predict': 'predictions', evaluate: 'evaluation'};

export const link = (run) => run.kind === 'import' ? '#/dataset/' + run.dataset : '#/' + (PAGES[run.kind] || 'run') + '/' + run.id;
