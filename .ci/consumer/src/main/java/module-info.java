module consumer {
    requires org.ttm4j.forecast;
}
