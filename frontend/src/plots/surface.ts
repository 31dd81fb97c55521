export function createSurface(): void {}
