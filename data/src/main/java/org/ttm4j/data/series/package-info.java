/** Series on a regular time grid. Start with {@link org.ttm4j.data.series.TimeSeries}. */
package org.ttm4j.data.series;
