/** Attributions of requests; internal, see {@link org.ttm4j.forecast.explain}. */
package org.ttm4j.forecast.attribution;
