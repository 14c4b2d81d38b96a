package org.ttm4j.forecast;

import java.util.OptionalDouble;

/**
 * The contribution of a driver, a channel whose future is known, to the forecast of another channel.
 *
 * @param channel of the history that is forecast
 * @param driver the channel of the history that the driver is
 * @param category the category whose effect it is; empty for the effect of a driver that rises by 1, or, where it has
 *     categories, for the mean effect of all but the most frequent one
 * @param effect in units of the channel, from a regression over the history
 * @param error the standard error of the effect
 * @param share what the driver adds to or takes from the forecast, over the forecast: the sums of absolute values; 0 for a
 *     forecast of zeros
 */
public record DriverEffect(int channel, int driver, OptionalDouble category, double effect, double error,
        double share) {}
