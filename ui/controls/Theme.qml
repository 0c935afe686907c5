pragma Singleton
import QtQuick

// The tokens of design.md §6, in logical pixels: the short side of the screen is 1080 of them.
// Main.qml scales the whole stage, so nothing else multiplies; `scale` is only for sharp pictures.
QtObject {
    property real scale: 1
    property bool portrait: true

    readonly property int display: 104
    readonly property int hero: 64
    readonly property int h1: 52
    readonly property int h2: 44
    readonly property int body: 36
    readonly property int least: 32
    readonly property real lineHeight: 1.3

    readonly property int target: 96
    readonly property int chip: 86
    readonly property int primary: 140
    readonly property int gap: 24
    readonly property int margin: 40
    readonly property int radius: 20
    readonly property int radiusLarge: 32

    readonly property color bg: "#F3F8FC"
    readonly property color card: "#FFFFFF"
    readonly property color sky: "#D6ECF9"
    readonly property color skyDeep: "#BEE0F5"
    readonly property color ink: "#12303F"
    readonly property color ink2: "#466273"
    readonly property color brand: "#0B6EA8"
    readonly property color brandDown: "#095A8A"
    readonly property color pay: "#C2410C"
    readonly property color paySoft: "#FDEFE6"
    readonly property color ok: "#1B7F4B"
    readonly property color okSoft: "#EAF7EF"
    readonly property color error: "#B3261E"
    readonly property color errorSoft: "#FBEAE9"
    readonly property color border: "#6F93A8"
    readonly property color hairline: "#CFE2EE"
    readonly property color paper: "#FFFFFF"
    readonly property color disabled: "#CADCE8"
}
