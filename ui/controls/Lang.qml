pragma Singleton
import QtQuick

// Texts in the visitor's language. Chinese is the msgid; every binding on tr() follows a change of language.
QtObject {
    id: lang

    property var source: null
    property string code: "zh"

    function tr(msgid: string, values: var): string {
        // `code` is read here so that bindings depend on it
        if (lang.source === null || (lang.code === "zh" && values === undefined))
            return msgid;
        return lang.source.text(msgid, values === undefined ? {} : values);
    }
}
