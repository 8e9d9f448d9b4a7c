using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Monitoring.Queries.Sql;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Queries;

public sealed class SqlNormalizerTests
{
    private const string Secret = "Zq7Secret";

    [Theory]
    [InlineData("SELECT * FROM t WHERE id = 5", "SELECT * FROM t WHERE id = ?")]
    [InlineData("SELECT * FROM t WHERE id = 'a''b'", "SELECT * FROM t WHERE id = ?")]
    [InlineData("SELECT * FROM t WHERE id = E'a\\'b' AND x = 1", "SELECT * FROM t WHERE id = ? AND x = ?")]
    [InlineData("SELECT * FROM t WHERE path = 'C:\\' AND x = 'b'", "SELECT * FROM t WHERE path = ? AND x = ?")]
    [InlineData("SELECT N'a', U&'d\\0061t', x'1F', B'01'", "SELECT ?")]
    [InlineData("SELECT $$a'b$$, $x$a$$b$x$ FROM t", "SELECT ? FROM t")]
    [InlineData("SELECT 'a'\n 'b'", "SELECT ?")]
    [InlineData("SELECT interval'1 day'", "SELECT interval?")]
    [InlineData("SELECT 1.5e-10, .5, 0xFF, 1_000, -7", "SELECT ?")]
    [InlineData("SELECT a - 5, a -5 FROM t", "SELECT a - ?, a -? FROM t")]
    [InlineData("SELECT t1.c2 FROM t1", "SELECT t1.c2 FROM t1")]
    public void Literals_become_placeholders(string sql, string text) => Normalize(sql).Should().Be(text);

    [Theory]
    [InlineData("SELECT * FROM t WHERE id IN (1,2, 3)", "SELECT * FROM t WHERE id IN (?)")]
    [InlineData("SELECT * FROM t WHERE id IN ( 'a' )", "SELECT * FROM t WHERE id IN (?)")]
    [InlineData("SELECT * FROM t WHERE id IN (@p0, @p1, @p2)", "SELECT * FROM t WHERE id IN (?)")]
    [InlineData("SELECT * FROM t WHERE id IN ($1,$2)", "SELECT * FROM t WHERE id IN (?)")]
    [InlineData("SELECT * FROM t WHERE id = ANY (ARRAY[1,2,3])", "SELECT * FROM t WHERE id = ANY (ARRAY[?])")]
    [InlineData("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'),(3,'z')", "INSERT INTO t (a, b) VALUES (?)")]
    [InlineData("INSERT INTO t VALUES(1, now()), (2, now())", "INSERT INTO t VALUES(?, now())")]
    [InlineData("INSERT INTO t (a) VALUES (@p0);\nINSERT INTO t (a) VALUES (@p1);\n", "INSERT INTO t (a) VALUES (?)")]
    [InlineData("SELECT f(a), (a) FROM t", "SELECT f(a), (a) FROM t")]
    public void Lists_rows_and_statements_of_any_number_are_one(string sql, string text) => Normalize(sql).Should().Be(text);

    [Theory]
    [InlineData("  select\t*\r\n from  t ; ", "select * from t")]
    [InlineData("SELECT a -- the id\nFROM t", "SELECT a FROM t")]
    [InlineData("/* a /* b */ c */SELECT/**/a", "SELECT a")]
    [InlineData("SELECT \"a -- 'b'\", `c d` FROM \"T\"\"x\"", "SELECT \"a -- 'b'\", `c d` FROM \"T\"\"x\"")]
    [InlineData("SELECT * FROM t WHERE a = @id AND b = :name AND c::int = ?", "SELECT * FROM t WHERE a = @id AND b = :name AND c::int = ?")]
    [InlineData("SELECT @@ROWCOUNT, a @> b, NULL, TRUE", "SELECT @@ROWCOUNT, a @> b, NULL, TRUE")]
    [InlineData("", "")]
    [InlineData("-- nothing", "")]
    public void The_rest_stays_but_for_white_space_and_comments(string sql, string text) => Normalize(sql).Should().Be(text);

    [Fact]
    public void Databases_differ_in_what_a_literal_is()
    {
        Normalize("SELECT [a 1], [b]]'c] FROM #t WHERE m = $12.50", SqlDialect.SqlServer).Should().Be("SELECT [a 1], [b]]'c] FROM #t WHERE m = ?");
        Normalize("SELECT [a] ] FROM t", SqlDialect.SqlServer).Should().Be("SELECT [a] ] FROM t", "[a]] does not end");
        Normalize("SELECT `a`, \"x\", 'it\\'s' FROM t # end", SqlDialect.MySql).Should().Be("SELECT `a`, ? FROM t");
    }

    [Theory]
    [InlineData("SELECT 'Zq7Secret")]
    [InlineData("SELECT \"Zq7Secret")]
    [InlineData("SELECT $$Zq7Secret")]
    [InlineData("SELECT $a$Zq7Secret$b$")]
    [InlineData("SELECT E'\\'Zq7Secret")]
    [InlineData("SELECT E'Zq7Secret\\")]
    [InlineData("SELECT /* Zq7Secret")]
    [InlineData("SELECT -- Zq7Secret")]
    [InlineData("SELECT `Zq7Secret")]
    public void What_is_not_terminated_is_a_literal_to_its_end(string sql) => Normalize(sql).Should().StartWith("SELECT").And.NotContain(Secret);

    [Fact]
    public void A_megabyte_is_read_in_one_pass_whatever_it_holds()
    {
        const int length = 1_000_000;
        foreach (var unit in new[] { "(", ")", "'", "''", "$", "$a", "/*", "*/", "-", "--", "@", ":", "\"", "1,", "(1),", "e1+", "a ", "\\", ";", "(a)," })
        {
            var sql = string.Concat(Enumerable.Repeat(unit, length / unit.Length));

            Normalize(sql).Length.Should().BeLessThanOrEqualTo(Statement.LongestText, "of {0}", unit);
        }

        Normalize($"SELECT * FROM t WHERE id IN ({string.Join(", ", Enumerable.Range(0, 200_000))})").Should().Be("SELECT * FROM t WHERE id IN (?)");
    }

    [Fact]
    public void No_text_holds_what_a_literal_held_and_other_literals_change_nothing()
    {
        Prop.ForAll(Statements().ToArbitrary(), statement =>
        {
            var (one, other) = statement;
            var text = Normalize(one);
            text.Should().NotContain(Secret);
            Normalize(other).Should().Be(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Normalising_again_changes_nothing()
    {
        var pieces = Gen.Elements(
            "'", "''", "\"", "`", "$", "$a$", "$1", "E'", "N'", "U&'", "\\", "--", "-", "+", "/*", "*/", "/", "(", ")", "[", "]", ",", ";", "?", ":", "::", "@", "@@", "@a", "@a1",
            "#", "a", "b", "IN", "VALUES", "SELECT", "1", "1.5e", ".", "=", "*", " ", "\n", "\0", "é", "😀", "\uD800", "|");
        var sql = pieces.ArrayOf().Select(static parts => string.Concat(parts)).ToArbitrary();

        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            Prop.ForAll(sql, text =>
            {
                var once = Normalize(text, dialect);
                Normalize(once, dialect).Should().Be(once, "of {0}", text);

                // A text that is cut is cut between tokens.
                var cut = Normalize(text, dialect, once.Length / 2);
                Normalize(cut, dialect).Should().Be(cut, "of the first half of {0}", text);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(40));
        }
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var buffer = new char[Statement.LongestText];
        const string sql = "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y') ON CONFLICT (a) DO UPDATE SET b = -5";
        SqlNormalizer.Normalize(sql, buffer, SqlDialect.Standard);

        Allocations.Least(() => SqlNormalizer.Normalize(sql, buffer, SqlDialect.Standard)).Should().Be(0);
    }

    // The same statement twice, with other literals in other styles.
    private static Gen<(string One, string Other)> Statements()
    {
        var content = Gen.Elements("", "'", "\\", "$$", "--", "/*", "*/", "\"", "?", "(", ");", "\n", "é", "1", "@a").ArrayOf(6)
            .Select(static parts => string.Concat(parts[..3]) + Secret + string.Concat(parts[3..]));
        var text = Gen.Zip(content, Gen.Choose(0, 4)).Select(static literal => Quote(literal.Item1, literal.Item2));
        var number = Gen.Choose(-100_000, 100_000).Select(static value => value.ToString(CultureInfo.InvariantCulture));
        var literal = Gen.OneOf(text, number);
        var template = Gen.Elements(
            "SELECT * FROM users WHERE name = {0} AND id > {1}",
            "UPDATE t SET a = {0}, b = {1} WHERE c BETWEEN {0} AND {1}",
            "INSERT INTO t (a, b) VALUES ({0}, {1}), ({1}, {0})",
            "SELECT /* note */ coalesce(a, {0}) FROM t -- end\nWHERE x IN ({0}, {1}) LIMIT 5",
            "DELETE FROM t WHERE a LIKE {0} OR b IN ({1})");
        return Gen.Zip(template, Gen.Zip(literal.ArrayOf(2), literal.ArrayOf(2))).Select(static drawn => (
            string.Format(CultureInfo.InvariantCulture, drawn.Item1, [.. drawn.Item2.Item1]),
            string.Format(CultureInfo.InvariantCulture, drawn.Item1, [.. drawn.Item2.Item2])));
    }

    private static string Quote(string content, int style) => style switch
    {
        0 => $"'{content.Replace("'", "''", StringComparison.Ordinal)}'",
        1 => $"N'{content.Replace("'", "''", StringComparison.Ordinal)}'",
        2 => $"E'{content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'",
        3 => $"$tag${content}$tag$",
        _ => $"e'{content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'",
    };

    private static string Normalize(string sql, SqlDialect dialect = SqlDialect.Standard, int longest = Statement.LongestText)
    {
        var buffer = new char[longest];
        return new string(buffer, 0, SqlNormalizer.Normalize(sql, buffer, dialect));
    }
}
