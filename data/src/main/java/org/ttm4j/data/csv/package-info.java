/** CSV files as people have them, read onto a regular time grid. Start with {@link org.ttm4j.data.csv.CsvReader}. */
package org.ttm4j.data.csv;
