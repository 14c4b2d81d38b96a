/**
 * Files as people have them, read onto a regular time grid. Start with {@link org.ttm4j.data.grid.CsvReader}, which
 * reads a file into a {@link org.ttm4j.data.grid.CsvFile}.
 */
package org.ttm4j.data.grid;
