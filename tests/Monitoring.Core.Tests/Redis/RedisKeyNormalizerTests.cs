using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Monitoring.Redis;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed partial class RedisKeyNormalizerTests
{
    // Ordinary text, key-like text and anything at all: pieces that the rules look for, in any order.
    private static readonly Arbitrary<string> Keys = Gen.OneOf(
            Gen.Elements("user", "v2", "Order", "getUserProfileById", "abc", "AbC", "x", "id", "deadbeef", "cafe", "é", "\0", "\uFFFD", "\uD800", "%40", "*"),
            Gen.Elements(":", "/", ".", "-", "_", "|", "#", "{", "}", "=", "@", "+", " ", "~"),
            Gen.Elements("{id}", "42", "20241121", "4f2a9c1b", "a1b2", "item991", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Choose(1, 200).Select(length => new string('a', length)))
        .ListOf()
        .Select(string.Concat)
        .ToArbitrary();

    [Theory]
    [InlineData("", "")]
    [InlineData("user", "user")]
    [InlineData("user:42", "user:{id}")]
    [InlineData("user:42:cart", "user:{id}:cart")]
    [InlineData("42", "{id}")]
    [InlineData("Users/7/Photos/9", "Users/{id}/Photos/{id}")]
    [InlineData("a|1#2", "a|{id}#{id}")]
    public void A_number_is_an_id(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Theory]
    [InlineData("item_991", "item_{id}")]
    [InlineData("item991", "item{id}")]
    [InlineData("991item", "{id}item")]
    [InlineData("user-42abc", "user-{id}abc")]
    [InlineData("k3j9x2mq", "{id}")]
    [InlineData("a1b2", "{id}")]
    public void The_only_number_in_a_word_is_an_id_and_a_word_with_more_is_one_as_a_whole(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Theory]
    [InlineData("order-2024-11-21", "order-{id}")]
    [InlineData("visits:2024.11.21:eu", "visits:{id}:eu")]
    [InlineData("ip:10.0.0.1", "ip:{id}")]
    [InlineData("at:2024-11-21T10:15:00Z", "at:{id}:{id}:{id}Z")]
    [InlineData("chat:12_34", "chat:{id}_{id}")]
    [InlineData("game:12:34", "game:{id}:{id}")]
    [InlineData("job:20241121T101500Z", "job:{id}")]
    public void Numbers_joined_by_dashes_or_dots_are_one_id(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Theory]
    [InlineData("v2:user:7", "v2:user:{id}")]
    [InlineData("api/V10/users", "api/V10/users")]
    [InlineData("cache-v1-config", "cache-v1-config")]
    [InlineData("v1234:x", "v{id}:x")]
    public void A_version_stays(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Theory]
    [InlineData("session:3f2504e0-4f89-11d3-9a0c-0305e82c3301", "session:{id}")]
    [InlineData("session:3F2504E04F8911D39A0C0305E82C3301:data", "session:{id}:data")]
    [InlineData("session:{3f2504e0-4f89-11d3-9a0c-0305e82c3301}", "session:{{id}}")]
    [InlineData("session-3f2504e0-4f89-11d3-9a0c-0305e82c3301-x", "session-{id}-x")]
    [InlineData("deadbeef-cafe-babe-face-deadbeefcafe", "{id}")]
    [InlineData("blob:4f2a9c1b", "blob:{id}")]
    [InlineData("blob:4F2A9C1BDE", "blob:{id}")]
    [InlineData("blob:deadbeef", "blob:deadbeef")]
    [InlineData("ulid:01ARZ3NDEKTSV4RRFFQ69G5FAV", "ulid:{id}")]
    public void Guids_and_hexadecimal_words_are_ids(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Theory]
    [InlineData("token:dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "token:{id}")]
    [InlineData("token-dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "token-{id}")]
    [InlineData("basic:QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "basic:{id}==")]
    [InlineData("jwt:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "jwt:{id}")]
    [InlineData("nonce:aBcDeFgHiJkLmNoPqRsT", "nonce:{id}")]
    public void Long_tokens_are_ids(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Theory]
    [InlineData("getUserProfileById")]
    [InlineData("AbstractUserRepository:items")]
    [InlineData("HttpRequestMessageHandler")]
    [InlineData("configuration:feature-flags:checkout_enabled")]
    [InlineData("User-Session-v2-Cache")]
    [InlineData("INTERNATIONALISATION:TEXTS")]
    public void Names_stay(string key) => Pattern(key).Should().Be(key);

    [Theory]
    [InlineData("mail:john.doe@example.com:inbox", "mail:{id}:inbox")]
    [InlineData("mail:john.doe%40example.com", "mail:{id}")]
    [InlineData("stadt:münchen:wetter", "stadt:{id}:wetter")]
    [InlineData("user:\0\u0001:x:y", "user:{id}")]
    [InlineData("user:\uFFFD\uFFFD/a", "user:{id}")]
    public void Addresses_foreign_letters_and_binary_are_ids(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Fact]
    public void A_word_of_more_than_32_letters_is_an_id() =>
        (Pattern(new string('x', 32)), Pattern(new string('x', 33))).Should().Be((new string('x', 32), "{id}"));

    [Theory]
    [InlineData("{user}:42:cart", "{user}:{id}:cart")]
    [InlineData("{42}:cart", "{{id}}:cart")]
    [InlineData("{user:42}.cart", "{user:{id}}.cart")]
    public void The_braces_of_a_hash_tag_are_text(string key, string pattern) => Pattern(key).Should().Be(pattern);

    [Fact]
    public void A_long_pattern_is_cut_after_a_word()
    {
        var key = string.Concat(Enumerable.Repeat("segment:", 30));

        Pattern(key).Should().Be(string.Concat(Enumerable.Repeat("segment:", 15)) + "segment*");
        Pattern(key[..128]).Should().Be(key[..128]);
    }

    [Fact]
    public void A_pattern_is_its_own_pattern() =>
        Prop.ForAll(Keys, key => Pattern(Pattern(key)) == Pattern(key)).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void A_pattern_is_bounded_and_printable() =>
        Prop.ForAll(Keys, key => Pattern(key) is { Length: <= RedisKeyNormalizer.Longest } pattern && pattern.All(c => c is >= ' ' and <= '~'))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void The_only_digits_of_a_pattern_are_those_of_versions() =>
        Prop.ForAll(Keys, key => !VersionWord().Replace(Pattern(key), "").Any(char.IsDigit)).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Which_number_it_is_makes_no_difference() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), number => Pattern($"user:{number}:cart-{number}") == "user:{id}:cart-{id}").QuickCheckThrowOnFailure();

    [Fact]
    public void A_long_key_takes_no_longer_than_reading_it()
    {
        Pattern(new string('1', 10_000_000)).Should().Be("{id}");
        Pattern(string.Concat(Enumerable.Repeat("a-B2", 2_000_000))).Should().Be("{id}");
    }

    [Fact]
    public void Normalising_allocates_nothing()
    {
        const string Key = "tenant:42:session:dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk:{v2}";

        Allocations.Least(static () =>
        {
            Span<char> pattern = stackalloc char[RedisKeyNormalizer.Longest];
            for (var i = 0; i < 1_000; i++)
            {
                RedisKeyNormalizer.Normalize(Key, pattern);
            }
        }).Should().Be(0);
    }

    private static string Pattern(string key) => RedisKeyNormalizer.Normalize(key);

    [GeneratedRegex("(?<![A-Za-z0-9])[vV][0-9]{1,3}(?![A-Za-z0-9])")]
    private static partial Regex VersionWord();
}
