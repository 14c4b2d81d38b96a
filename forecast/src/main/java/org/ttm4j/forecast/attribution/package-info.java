/** Traces and attributions of requests; internal, see {@link org.ttm4j.ttm.inspect}. */
package org.ttm4j.forecast.attribution;
