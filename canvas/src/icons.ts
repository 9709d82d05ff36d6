const SVG = 'http://www.w3.org/2000/svg';

/** Line icons on a 20 × 20 grid; each is the `d` of one stroked path. */
const PATHS = {
  plus: 'M10 4v12M4 10h12',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17 17',
  back: 'M12 4 6 10l6 6',
  close: 'M5 5l10 10M15 5 5 15',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.8 10h7.4l.8-10M8.5 9v4.5M11.5 9v4.5',
  restore: 'M4 9a6 6 0 1 1 1.8 5M4 4v5h5',
  sparkle: 'M10 3c.6 4 2.4 5.9 7 7-4.600 1.100-6.400 3-7 7-.6-4-2.400-5.900-7-7 4.600-1.100 6.400-3 7-7Z',
  stop: 'M6 6h8v8H6z',
  leave: 'M8 4H4v12h4M13 13l3-3-3-3M16 10H8',
  undo: 'M7 5 3.500 8.500 7 12M4 8.500h7.500a4 4 0 0 1 0 8H9',
  redo: 'M13 5l3.500 3.500L13 12M16 8.500H8.500a4 4 0 0 0 0 8H11',
  bullets: 'M8 5h9M8 10h9M8 15h9M4 5h.01M4 10h.01M4 15h.01',
  numbers: 'M9 5h8M9 10h8M9 15h8M3.500 4 4.500 3.500V7M3.300 12.500c.4-1 2-.8 2 .2 0 1-2 1.800-2 2.800h2',
  tasks: 'M3 5l1.200 1.200L6.500 4M3 13l1.200 1.200L6.500 12M9.500 5.500H17M9.500 13.500H17',
  quote: 'M4 5v10M8 6h9M8 10h9M8 14h6',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4',
  block: 'M3 4h14v12H3zM7 8l-2 2 2 2M10 12h4',
  link: 'M8.500 11.500a3 3 0 0 0 4.300 0l2.700-2.700a3 3 0 0 0-4.300-4.300l-.9.9M11.500 8.500a3 3 0 0 0-4.300 0l-2.700 2.700a3 3 0 0 0 4.300 4.300l.9-.9',
  rule: 'M3 10h14M6 5h8M6 15h8',
  table: 'M3 4h14v12H3zM3 8h14M3 12h14M9 8v8',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  insert: 'M10 3v9M6.500 8.500 10 12l3.500-3.500M4 16h12',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: the control that holds it carries the name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
