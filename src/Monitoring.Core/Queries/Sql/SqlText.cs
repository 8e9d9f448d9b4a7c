namespace Monitoring.Queries.Sql;

/// <summary>
/// The normalised statement while it is written. Whole tokens only, one space between them where there was any; never one
/// after <c>(</c> or <c>[</c> or before <c>)</c>, <c>]</c>, <c>,</c> and <c>;</c>, always one after <c>,</c>. Two <c>]</c> stay apart.
/// </summary>
internal ref struct SqlText(Span<char> text, Span<int> groups)
{
    /// <summary>How many cells the stack of groups needs.</summary>
    public const int GroupCells = 3 * DeepestGroup;

    // Groups that are nested deeper are written, but not compared.
    private const int DeepestGroup = 24;
    private const int LongestKeyword = 16;

    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "AND", "BETWEEN", "BY", "CASE", "DEFAULT", "ELSE", "HAVING", "IN", "INTERVAL", "IS", "LIKE", "LIMIT", "NOT", "OFFSET", "ON", "OR",
        "RETURN", "RETURNING", "SELECT", "SET", "THEN", "TOP", "VALUES", "WHEN", "WHERE",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> KeywordLookup = Keywords.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Span<char> _text = text;

    // Of each depth: where the open group began, and from where to where the last closed one is.
    private readonly Span<int> _opened = groups[..DeepestGroup];
    private readonly Span<int> _lastStart = groups.Slice(DeepestGroup, DeepestGroup);
    private readonly Span<int> _lastEnd = groups[(2 * DeepestGroup)..];
    private int _depth;
    private int _length;
    private bool _space;

    // The statement being written and the one before it, without what separates them.
    private int _statement;
    private int _previous;
    private int _previousEnd;

    /// <summary>Whether a token found no room: nothing is written from then on.</summary>
    public bool IsFull { get; private set; }

    public void Space() => _space = true;

    public void Token(scoped ReadOnlySpan<char> token)
    {
        var last = _length > 0 ? _text[_length - 1] : '(';

        // After SQL Server's [name] a bracket that follows at once would be one in the name.
        var tight = last is '(' or '[' || token[0] is ')' or ',' or ';' || (token[0] == ']' && last != ']');
        var gap = !tight && (_space || last == ',') ? 1 : 0;
        if (IsFull || _length + gap + token.Length > _text.Length)
        {
            IsFull = true;
            return;
        }

        if (gap > 0)
        {
            _text[_length++] = ' ';
        }

        token.CopyTo(_text[_length..]);
        _length += token.Length;
        _space = false;
    }

    /// <summary>A value: with its sign it is one, and one after another is the same as one.</summary>
    public void Placeholder()
    {
        while (_length > 0 && _text[_length - 1] is '-' or '+' && IsSign(_length - 1))
        {
            _length--;
            if (_length > 0 && _text[_length - 1] == ' ')
            {
                _length--;
                _space = true;
            }
        }

        if (_text[.._length].EndsWith("?,"))
        {
            _length--;
        }
        else if (!_text[.._length].EndsWith("?"))
        {
            Token("?");
            return;
        }

        _space = false;
    }

    /// <summary>Parentheses and the end of a statement.</summary>
    public void Mark(scoped ReadOnlySpan<char> token)
    {
        var mark = token[0];
        if (mark == ';')
        {
            EndStatement();
        }

        Token(token);
        if (IsFull)
        {
            return;
        }

        switch (mark)
        {
            case '(':
                if (_depth < DeepestGroup)
                {
                    _opened[_depth] = _length - 1;
                }

                _depth++;
                break;
            case ')' when _depth > 0:
                _depth--;
                if (_depth < DeepestGroup)
                {
                    EndGroup(_opened[_depth]);
                }

                break;
            case ';':
                _statement = _length;
                break;
        }
    }

    /// <summary>The length of the whole; a statement's end is no part of it.</summary>
    public int Finish()
    {
        EndStatement();
        while (_length > 0 && _text[_length - 1] is ';' or ' ')
        {
            _length--;
        }

        return _length;
    }

    // A row like the one before it: (?, now()), (?, now()).
    private void EndGroup(int start)
    {
        var (lastStart, lastEnd) = (_lastStart[_depth], _lastEnd[_depth]);
        if (lastEnd > 0 && lastEnd == start - 2 && _text[lastEnd] == ',' && IsRow(lastStart)
            && _text[lastStart..lastEnd].SequenceEqual(_text[start.._length]))
        {
            _length = lastEnd;
            return;
        }

        (_lastStart[_depth], _lastEnd[_depth]) = (start, _length);
    }

    // Not the arguments of a function.
    private readonly bool IsRow(int start)
    {
        var before = _text[..start].TrimEnd(' ');
        return before.Length == 0 || !IsWordPart(before[^1]) || KeywordLookup.Contains(WordAtEnd(before));
    }

    private void EndStatement()
    {
        var (start, length) = (_statement, _length);
        while (start < length && _text[start] == ' ')
        {
            start++;
        }

        if (_previousEnd > _previous && _text[_previous.._previousEnd].SequenceEqual(_text[start..length]))
        {
            _length = _previousEnd;
        }
        else
        {
            (_previous, _previousEnd) = (start, length);
        }
    }

    // Before a value, and after what no value can be before.
    private readonly bool IsSign(int at)
    {
        var before = _text[..at].TrimEnd(' ');
        if (before.Length == 0)
        {
            return true;
        }

        return IsWordPart(before[^1])
            ? KeywordLookup.Contains(WordAtEnd(before))
            : before[^1] is '=' or '<' or '>' or '(' or ',' or '*' or '/' or '%' or '|' or '&' or '^' or '~' or '!' or '[' or ':' or ';' or '+' or '-' or '{';
    }

    private static ReadOnlySpan<char> WordAtEnd(ReadOnlySpan<char> text)
    {
        var start = text.Length;
        while (start > 0 && text.Length - start <= LongestKeyword && IsWordPart(text[start - 1]))
        {
            start--;
        }

        return text[start..];
    }

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '#' or '@' || c > '\x7F';
}
