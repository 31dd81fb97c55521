import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../src/core/tape-symmetric";

describe("the eigenvectors of a symmetric matrix", () => {
  it("are those of a matrix whose eigenvalues are 1 and 3", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2));
    expect([...values].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([1, 3]);
    const half = Math.SQRT1_2;
    expect(Math.abs(vectors[0] as number)).toBeCloseTo(half, 14);
    expect((vectors[0] as number) * (vectors[2] as number)).toBeCloseTo(-0.5, 14);
    expect((vectors[1] as number) * (vectors[3] as number)).toBeCloseTo(0.5, 14);
  });

  it("are orthonormal and put the matrix together again, whatever its size and scale", () => {
    for (const [n, scale] of [
      [1, 1],
      [5, 1e-9],
      [12, 1e6],
    ] as const) {
      const half = Float64Array.from({ length: n * n }, (_, i) => Math.sin(i * i + 1) * scale);
      const matrix = half.map((x, i) => x + (half[(i % n) * n + Math.floor(i / n)] as number));
      const { values, vectors } = symmetricEigen(matrix);
      expect([...values]).toEqual([...values].sort((a, b) => a - b));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let [product, sum] = [0, 0];
          for (let k = 0; k < n; k++) {
            product += (vectors[k * n + i] as number) * (vectors[k * n + j] as number);
            sum += (vectors[i * n + k] as number) * (values[k] as number) * (vectors[j * n + k] as number);
          }
          expect(product).toBeCloseTo(Number(i === j), 12);
          expect(sum / scale).toBeCloseTo((matrix[i * n + j] as number) / scale, 11);
        }
      }
    }
  });

  it("are not there where the matrix is not finite", () => {
    expect(symmetricEigen(Float64Array.of(1, NaN, NaN, 1)).values.every(Number.isNaN)).toBe(true);
  });
});
