/** Where a run of each kind is shown; an import is shown by the dataset that it makes. */
const PAGES = {train: 'run', 'lr-find': 'lr', 'batch-predict': 'predictions', evaluate: 'evaluation', 'label-check': 'labels'};

export const KINDS = {train: 'training', 'lr-find': 'learning-rate sweep', evaluate: 'evaluation', 'batch-predict': 'prediction of many', import: 'import', 'label-check': 'check of labels'};

export const link = (run) => run.kind === 'import' ? '#/dataset/' + run.dataset : '#/' + (PAGES[run.kind] || 'run') + '/' + run.id;

/** What a run is, in words; nothing for a training, which most are. */
export const kind = (run) => (run.kind === 'train' ? '' : KINDS[run.kind] || run.kind);
