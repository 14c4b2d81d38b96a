/**
 * The bundled models. Start with {@link org.ttm4j.ttm.model.TtmModel}, the model itself, or with
 * {@code org.ttm4j.forecast.Forecaster} in the module {@code org.ttm4j.forecast}, the API for programs.
 */
package org.ttm4j.ttm;
