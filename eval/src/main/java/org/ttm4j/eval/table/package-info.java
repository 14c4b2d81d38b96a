/** Forecasts as tables. */
package org.ttm4j.eval.table;
