export * from "./alerts.ts";
export * from "./bookings.ts";
export * from "./client.ts";
export * from "./fares.ts";
export * from "./money.ts";
export * from "./pages.ts";
export * from "./sailings.ts";
export * from "./tickets.ts";
export { ServiceError } from "./http.ts";
