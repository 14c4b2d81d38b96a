/** Reads series from database tables, and writes forecasts to them. */
module org.ttm4j.jdbc {
    requires transitive java.sql;
    requires transitive org.ttm4j.data;
    requires transitive org.ttm4j.forecast;

    uses java.sql.Driver;

    exports org.ttm4j.jdbc;
}
