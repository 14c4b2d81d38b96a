/**
 * Series as arrays, channels × time: row ranges, rolling origins, gaps, standardisation, precision, and parallel work.
 */
package org.ttm4j.ttm.series;
