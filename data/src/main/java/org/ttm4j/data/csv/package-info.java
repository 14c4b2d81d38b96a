/**
 * CSV files as people have them, read onto a regular time grid. Start with {@link org.ttm4j.data.csv.CsvReader}, which
 * reads a file into a {@link org.ttm4j.data.csv.CsvFile}.
 */
package org.ttm4j.data.csv;
