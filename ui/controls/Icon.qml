import QtQuick

// An outline of assets/icons in one colour.
Image {
    id: icon

    property string name: ""
    property color tint: Theme.brand
    property int size: 48

    width: size
    height: size
    sourceSize.width: Math.round(size * Theme.scale)
    sourceSize.height: Math.round(size * Theme.scale)
    source: name === "" ? "" : "image://icon/" + name + "/" + String(tint).slice(1)
    fillMode: Image.PreserveAspectFit
    Accessible.ignored: true
}
