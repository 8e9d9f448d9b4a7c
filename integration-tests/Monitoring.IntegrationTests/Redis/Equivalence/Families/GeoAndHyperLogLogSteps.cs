using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class GeoAndHyperLogLogSteps
{
    public static Family Geo { get; } = new("geo")
    {
        db => db.GeoAddAsync("places", 13.361389, 38.115556, "Palermo"),
        db => db.GeoAddAsync("places", new GeoEntry(15.087269, 37.502669, "Catania")),
        db => db.GeoAddAsync("places", [new(12.496366, 41.902782, "Rome"), new(9.19, 45.4642, "Milan")]),
        db => db.GeoAddAsync("places", 200, 100, "nowhere on earth"),
        db => db.GeoDistanceAsync("places", "Palermo", "Catania", GeoUnit.Kilometers),
        db => db.GeoDistanceAsync("places", "Palermo", "Atlantis"),
        db => db.GeoHashAsync("places", "Palermo"),
        db => db.GeoHashAsync("places", ["Rome", "Atlantis"]),
        db => db.GeoPositionAsync("places", "Rome"),
        db => db.GeoPositionAsync("places", ["Rome", "Atlantis"]),
        db => db.GeoRadiusAsync("places", "Palermo", 200, GeoUnit.Kilometers, -1, Order.Ascending),
        db => db.GeoRadiusAsync("places", 15, 37, 200, GeoUnit.Kilometers, 1, Order.Ascending, GeoRadiusOptions.WithDistance),
        db => db.GeoSearchAsync("places", "Rome", new GeoSearchCircle(500, GeoUnit.Kilometers), order: Order.Ascending),
        db => db.GeoSearchAsync("places", 12, 42, new GeoSearchBox(900, 900, GeoUnit.Kilometers), order: Order.Descending),
        db => db.GeoSearchAndStoreAsync("places", "near", "Rome", new GeoSearchCircle(500, GeoUnit.Kilometers), storeDistances: true),
        db => db.GeoRemoveAsync("places", "Milan"),
        db => db.GeoRemoveAsync("places", "Atlantis"),
    };

    public static Family HyperLogLog { get; } = new("HyperLogLog")
    {
        db => db.HyperLogLogAddAsync("visitors", "ann"),
        db => db.HyperLogLogAddAsync("visitors", "ann"),
        db => db.HyperLogLogAddAsync("visitors", ["bob", "cid"]),
        db => db.HyperLogLogAddAsync("others", ["bob", "dan"]),
        db => db.HyperLogLogLengthAsync("visitors"),
        db => db.HyperLogLogLengthAsync(["visitors", "others"]),
        db => db.HyperLogLogMergeAsync("all", "visitors", "others"),
        db => db.HyperLogLogMergeAsync("all", ["visitors", "others"]),
        db => db.HyperLogLogLengthAsync("all"),
    };
}
