import QtQuick
import ui.controls

// The stage: logical pixels with a short side of 1080, one page at a time, the idle warning above.
Window {
    id: root

    required property var stage
    readonly property real factor: Math.min(width, height) / 1080

    title: "gighall"
    color: Theme.bg
    visible: true

    Binding {
        target: Theme
        property: "scale"
        value: root.factor
    }

    Binding {
        target: Theme
        property: "portrait"
        value: root.height >= root.width
    }

    Item {
        width: root.width / root.factor
        height: root.height / root.factor
        scale: root.factor
        transformOrigin: Item.TopLeft

        Loader {
            id: pages

            anchors.fill: parent
            enabled: root.stage.warning < 0
        }

        IdleWarning {
            anchors.fill: parent
            visible: root.stage.warning >= 0
            seconds: root.stage.warning
            onStayed: root.stage.stay()
            onDeparted: root.stage.leave()
        }
    }

    Connections {
        target: root.stage

        function onTurned() {
            if (root.stage.page === "")
                pages.source = "";
            else
                pages.setSource(root.stage.page + ".qml", {
                    "vm": root.stage.model
                });
        }
    }
}
