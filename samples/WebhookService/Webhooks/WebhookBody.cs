namespace WebhookService.Webhooks;

/// <summary>The raw body: signatures are made over its bytes, so it is read once and whole.</summary>
internal static class WebhookBody
{
    public const int LongestBody = 1024 * 1024;

    /// <summary>Reads the body; null when it is longer than 1 MiB.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, LongestBody));
            await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
            return buffer.Length <= LongestBody ? buffer.ToArray() : null;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // Kestrel holds the limit while it reads; see Program.
            return null;
        }
    }
}
