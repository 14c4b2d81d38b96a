package org.ttm4j.serve.http;

/**
 * What one client may ask for; 0 is without a limit. Immutable.
 *
 * @param rate requests a second
 * @param burst requests at once
 * @param series in a request
 * @param runs of a model that a request takes, as the library estimates them
 */
record ClientLimits(double rate, int burst, int series, int runs) {
    static final ClientLimits NONE = new ClientLimits(0, 0, 0, 0);
}
