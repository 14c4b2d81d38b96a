/** Which columns of a file a model reads and forecasts, and in which roles. */
package org.ttm4j.cli.columns;
