/**
 * The models that ship with this library. Start with {@link org.ttm4j.ttm.model.TtmModel}, which is the model itself, or with
 * {@code org.ttm4j.forecast.Forecaster} in the module {@code org.ttm4j.forecast}, which is what a program calls.
 */
package org.ttm4j.ttm;
