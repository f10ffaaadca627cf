/**
 * Rows of numbers under their headings. A column that no row has a number for is left out.
 *
 * @param columns `[heading, (row) => number or undefined, digits after the point]`
 * @param rows `[name, row]`
 */
export function table(title, columns, rows) {
  const filled = columns.filter(([, of]) => rows.some(([, row]) => of(row) !== undefined))
  const cells = [
    [title, ...filled.map(([heading]) => heading)],
    ...rows.map(([name, row]) => [name, ...filled.map(([, of, digits]) => number(of(row), digits))]),
  ]
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)))
  const lines = cells.map((line) =>
    line.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]) : cell.padStart(widths[n]))).join('  '),
  )
  lines.splice(1, 0, '-'.repeat(lines[0].length))
  return lines.join('\n')
}

function number(value, digits) {
  if (value === undefined) return ''
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
