/** Forecasting with Tiny Time Mixers: what a program calls. */
module org.ttm4j.forecast {
    requires org.ttm4j.ttm;

    exports org.ttm4j.forecast;
    exports org.ttm4j.forecast.explain;
    exports org.ttm4j.forecast.hierarchy;
    exports org.ttm4j.forecast.interval;
    exports org.ttm4j.forecast.live;
    exports org.ttm4j.forecast.rolling;
}
