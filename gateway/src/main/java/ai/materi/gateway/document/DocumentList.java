package ai.materi.gateway.document;

/**
 * One page.
 *
 * @param items a JSON array, as the database rendered it
 * @param next cursor; empty on the last page
 */
record DocumentList(String items, String next) {}
