# atoa completion for Windows PowerShell 5 and PowerShell 7. Running it twice does no harm.
Register-ArgumentCompleter -Native -CommandName atoa -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = $commandAst.Extent.Text
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    if ($length -lt $typed.Length) { $typed = $typed.Substring(0, $length) }
    $encoding = [Console]::OutputEncoding
    try {
        # A blank before the cursor is not part of the command; PowerShell 5 spoils quotes in arguments.
        $env:ATOA_COMPLETE_LINE = $typed.PadRight($length)
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        & atoa --complete-pwsh - 2>$null | ForEach-Object {
            $value, $text = $_ -split "`t", 2
            $inserted = $value
            if ($value -notmatch '^(~/)?[\w%+=:./-]*$') { $inserted = "'" + $value.Replace("'", "''") + "'" }
            if (-not $text) { $text = $value }
            [System.Management.Automation.CompletionResult]::new($inserted, $value, 'ParameterValue', $text)
        }
    } catch {
    } finally {
        [Console]::OutputEncoding = $encoding
        Remove-Item Env:ATOA_COMPLETE_LINE -ErrorAction SilentlyContinue
    }
}
