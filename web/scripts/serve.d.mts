import type { Server } from "node:http";

export const PAGE_PORT: number;
export const PAGE_FOLDER: string;
export function serveFolder(folder: string, port: number): Promise<Server>;
