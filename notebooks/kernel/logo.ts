/**
 * The kernel's logo, shown in JupyterLab's launcher and next to the kernel's name.
 *
 * @module
 */

/** The file that Jupyter's front ends look for beside `kernel.json`. */
export const LOGO_FILE = "logo-svg.svg";

/** Shows a sequence, the newest items that the short-term module sees, and the next item; legible from 16 pixels up, on white and on black. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
  <rect width="64" height="64" rx="12" fill="#1f5fbf"/>
  <g fill="#9cc4ff">
    <rect x="8" y="36" width="8" height="16" rx="2"/>
    <rect x="20" y="28" width="8" height="24" rx="2"/>
  </g>
  <g fill="#ffffff">
    <rect x="32" y="20" width="8" height="32" rx="2"/>
    <rect x="44" y="12" width="8" height="40" rx="2"/>
    <circle cx="58" cy="12" r="3" fill="#ffc94d"/>
  </g>
</svg>
`;
