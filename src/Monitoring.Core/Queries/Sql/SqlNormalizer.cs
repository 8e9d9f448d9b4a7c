using System.Buffers;

namespace Monitoring.Queries.Sql;

/// <summary>
/// Takes out of a statement what differs from call to call, above all every value: literals and generated parameters become
/// <c>?</c>, a list of them one, equal rows one, equal statements one; comments go, white space becomes a space. Keywords and
/// names stay as they are written. One pass over the text, which ends when the result is full; allocates nothing and never
/// throws. What is not terminated counts as a literal to its end. Normalising a result again changes nothing.
/// </summary>
internal ref struct SqlNormalizer
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789._");

    private readonly ReadOnlySpan<char> _sql;
    private readonly SqlDialect _dialect;
    private SqlText _text;
    private int _at;

    private SqlNormalizer(ReadOnlySpan<char> sql, SqlDialect dialect, SqlText text)
    {
        _sql = sql;
        _dialect = dialect;
        _text = text;
    }

    /// <summary>Writes the normalised statement; a token that finds no room ends it.</summary>
    /// <returns>How many characters were written.</returns>
    public static int Normalize(ReadOnlySpan<char> sql, Span<char> destination, SqlDialect dialect)
    {
        Span<int> groups = stackalloc int[SqlText.GroupCells];
        var normalizer = new SqlNormalizer(sql, dialect, new SqlText(destination, groups));
        while (normalizer._at < sql.Length && !normalizer._text.IsFull)
        {
            normalizer.Next();
        }

        return normalizer._text.Finish();
    }

    private readonly char Following => _at + 1 < _sql.Length ? _sql[_at + 1] : '\0';

    private void Next()
    {
        var c = _sql[_at];
        switch (c)
        {
            case '\'':
                SkipQuoted(c, _dialect == SqlDialect.MySql);
                _text.Placeholder();
                break;
            case '"' when _dialect == SqlDialect.MySql:
                SkipQuoted(c, backslashes: true);
                _text.Placeholder();
                break;
            case '"' or '`':
                Name(c);
                break;
            case '[' when _dialect == SqlDialect.SqlServer:
                Name(']');
                break;
            case '-' when Following == '-':
            case '#' when _dialect == SqlDialect.MySql:
                SkipLine();
                break;
            case '/' when Following == '*':
                SkipComment();
                break;
            case '$':
                Dollar();
                break;
            case '@' or ':':
                Parameter(c);
                break;
            case '?':
                _at++;
                _text.Placeholder();
                break;
            case '.' when char.IsAsciiDigit(Following):
                Number();
                break;
            case '(' or ')' or ';':
                _text.Mark(_sql.Slice(_at++, 1));
                break;
            default:
                Other(c);
                break;
        }
    }

    private void Other(char c)
    {
        if (char.IsAsciiDigit(c))
        {
            Number();
        }
        else if (IsNameStart(c))
        {
            Word();
        }
        else if (IsBlank(c))
        {
            _at++;
            _text.Space();
        }
        else
        {
            _text.Token(_sql.Slice(_at++, 1));
        }
    }

    // N'…', E'…', B'…', X'…' and U&'…' are literals with their letter; only in E'…' does a backslash escape.
    private void Word()
    {
        var word = TakeName();
        var letter = word.Length == 1 ? char.ToUpperInvariant(word[0]) : '\0';
        if (letter == 'U' && _at < _sql.Length && _sql[_at] == '&' && Following == '\'')
        {
            _at++;
        }

        if (_at < _sql.Length && _sql[_at] == '\'' && letter is 'N' or 'E' or 'B' or 'X' or 'U')
        {
            SkipQuoted('\'', letter == 'E' || _dialect == SqlDialect.MySql);
            _text.Placeholder();
            return;
        }

        _text.Token(word);
    }

    private void Number()
    {
        var start = _at++;
        while (_at < _sql.Length && (char.IsAsciiLetterOrDigit(_sql[_at]) || _sql[_at] is '.' or '_' || IsExponentSign(start)))
        {
            _at++;
        }

        _text.Placeholder();
    }

    private readonly bool IsExponentSign(int start) =>
        _sql[_at] is '+' or '-' && _sql[_at - 1] is 'e' or 'E' && char.IsAsciiDigit(Following) && _sql[start..(_at - 1)].IndexOfAnyExcept(Digits) < 0;

    // $1 is a parameter, $12.50 is money, $tag$…$tag$ is a string.
    private void Dollar()
    {
        if (char.IsAsciiDigit(Following))
        {
            _at++;
            Number();
            return;
        }

        var rest = _sql[_at..];
        var length = 1;
        while (length < rest.Length && rest[length] != '$' && IsNamePart(rest[length]))
        {
            length++;
        }

        if (_dialect != SqlDialect.Standard || length >= rest.Length || rest[length] != '$')
        {
            _text.Token(_sql.Slice(_at++, 1));
            return;
        }

        var tag = rest[..(length + 1)];
        var end = rest[tag.Length..].IndexOf(tag, StringComparison.Ordinal);
        _at = end < 0 ? _sql.Length : _at + tag.Length + end + tag.Length;
        _text.Placeholder();
    }

    // :: is a cast. A parameter whose name ends in a digit was named by a program, which counts on as long as the list is.
    private void Parameter(char c)
    {
        if (Following == c)
        {
            var start = _at;
            _at += 2;
            if (c == '@' && _at < _sql.Length && IsNameStart(_sql[_at]))
            {
                TakeName();
            }

            _text.Token(_sql[start.._at]);
        }
        else if (IsNameStart(Following))
        {
            var start = _at++;
            var name = TakeName();
            if (char.IsAsciiDigit(name[^1]))
            {
                _text.Placeholder();
            }
            else
            {
                _text.Token(_sql[start.._at]);
            }
        }
        else
        {
            _text.Token(_sql.Slice(_at++, 1));
        }
    }

    private void Name(char quote)
    {
        var start = _at;
        if (SkipQuoted(quote, backslashes: false))
        {
            _text.Token(_sql[start.._at]);
        }
        else
        {
            _text.Placeholder();
        }
    }

    private ReadOnlySpan<char> TakeName()
    {
        var start = _at++;
        while (_at < _sql.Length && IsNamePart(_sql[_at]))
        {
            _at++;
        }

        return _sql[start.._at];
    }

    // A quote that is doubled, or escaped where that is so, is part of what is quoted. False when it does not end.
    private bool SkipQuoted(char quote, bool backslashes)
    {
        _at++;
        while (true)
        {
            var rest = _sql[_at..];
            var found = backslashes ? rest.IndexOfAny(quote, '\\') : rest.IndexOf(quote);
            if (found < 0)
            {
                _at = _sql.Length;
                return false;
            }

            _at += found + 1;
            if (rest[found] == quote && !(_at < _sql.Length && _sql[_at] == quote))
            {
                return true;
            }

            _at = Math.Min(_at + 1, _sql.Length);
        }
    }

    private void SkipLine()
    {
        var length = _sql[_at..].IndexOfAny('\n', '\r');
        _at = length < 0 ? _sql.Length : _at + length;
        _text.Space();
    }

    // Nested, as PostgreSQL and SQL Server do: elsewhere that takes out more than the comment, never less.
    private void SkipComment()
    {
        var depth = 0;
        do
        {
            var found = _sql[_at..].IndexOfAny('/', '*');
            if (found < 0)
            {
                _at = _sql.Length;
                break;
            }

            _at += found;
            var step = (_sql[_at], Following) switch { ('/', '*') => 1, ('*', '/') => -1, _ => 0 };
            depth += step;
            _at += step == 0 ? 1 : 2;
        }
        while (depth > 0);

        _text.Space();
    }

    private readonly bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or '#' || (c > '\x7F' && !IsBlank(c));

    private readonly bool IsNamePart(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || (c == '#' && _dialect != SqlDialect.MySql) || (c > '\x7F' && !IsBlank(c));

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || char.IsControl(c);
}
