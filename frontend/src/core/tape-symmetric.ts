/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations, for tapes.
 *
 * A library's decomposition would weigh 18 kB on each page of these chapters, for matrices of a few rows.
 */

const SWEEPS = 60; // it takes fewer than ten: the rest of the matrix shrinks quadratically

/** Eigenvalues, rising, and the orthonormal eigenvectors as columns, row by row; NaN where the matrix is not finite. */
export function symmetricEigen(matrix: Float64Array): { values: Float64Array; vectors: Float64Array } {
  const n = Math.round(Math.sqrt(matrix.length));
  if (!matrix.every(Number.isFinite)) {
    return { values: new Float64Array(n).fill(NaN), vectors: new Float64Array(n * n).fill(NaN) };
  }
  const a = Float64Array.from(matrix);
  const v = Float64Array.from(matrix, (_, i) => Number(i % (n + 1) === 0));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) turned = rotate(a, v, n, p, q) || turned;
    }
    if (!turned) break;
  }
  const order = [...Array(n).keys()].sort((i, j) => at(a, i * n + i) - at(a, j * n + j));
  return {
    values: Float64Array.from(order, (i) => at(a, i * n + i)),
    vectors: Float64Array.from(v, (_, k) => at(v, Math.floor(k / n) * n + (order[k % n] as number))),
  };
}

/** Turn rows and columns p and q so that the number where they cross becomes 0; false where it is nothing already. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): boolean {
  const [app, aqq, apq] = [at(a, p * n + p), at(a, q * n + q), at(a, p * n + q)];
  if (Math.abs(apq) <= Number.EPSILON * 2 ** -10 * Math.sqrt(Math.abs(app * aqq)) || apq === 0) return false;
  const half = (aqq - app) / (2 * apq);
  const t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(half, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) mix(a, k * n + p, k * n + q, c, s);
  for (let k = 0; k < n; k++) mix(a, p * n + k, q * n + k, c, s);
  for (let k = 0; k < n; k++) mix(v, k * n + p, k * n + q, c, s);
  a[p * n + q] = a[q * n + p] = 0;
  return true;
}

function mix(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [at(a, i), at(a, j)];
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}

function at(a: Float64Array, i: number): number {
  return a[i] as number;
}
