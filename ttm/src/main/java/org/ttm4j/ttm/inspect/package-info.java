/**
 * What a model does with a series. Start with {@link org.ttm4j.ttm.Forecaster#trace}, which gives every tensor of a forecast
 * by the names of the checkpoint, or with {@link org.ttm4j.ttm.Forecaster#explain}, which asks what of the history a forecast
 * rests on.
 */
package org.ttm4j.ttm.inspect;
