/** Results of commands as text, JSON, CSV and pictures. Start with {@link org.ttm4j.cli.report.ForecastPicture}. */
package org.ttm4j.cli.report;
