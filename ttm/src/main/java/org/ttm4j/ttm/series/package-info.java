/**
 * Series as arrays, channels × time: row ranges, rolling origins, gaps, standardisation, precision, and work on several threads.
 */
package org.ttm4j.ttm.series;
