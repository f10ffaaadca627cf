/** What lists the `operationId`s of the file `$contract`, in YAML or JSON, those that links name once; nothing where there is none. POSIX. */
export const OPERATION_IDS = String.raw`sed -n 's/.*["'\'']\{0,1\}operationId["'\'']\{0,1\} *: *["'\'']\{0,1\}\([A-Za-z0-9_.-]*\).*/\1/p' "$contract" 2>/dev/null | sort -u`
