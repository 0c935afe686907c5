import QtQuick

// A line to sign on with a finger. `strokes`: lists of points [x, y] in logical pixels, in the order they were drawn.
Rectangle {
    id: pad

    property var strokes: []
    property string hint: ""
    readonly property bool empty: strokes.length === 0

    function clear() {
        strokes = [];
        drawing.requestPaint();
    }

    radius: Theme.radius
    color: Theme.card
    border.width: 4
    border.color: empty ? Theme.border : Theme.brand

    Rectangle {
        x: 60
        y: parent.height * 0.78
        width: parent.width - 120
        height: 3
        color: Theme.hairline
    }

    Caption {
        anchors.centerIn: parent
        visible: pad.empty
        text: pad.hint
        color: Theme.ink2
        font.pixelSize: Theme.h2
    }

    Canvas {
        id: drawing

        anchors.fill: parent
        onPaint: {
            const pen = getContext("2d");
            pen.reset();
            pen.lineWidth = 9;
            pen.lineCap = "round";
            pen.lineJoin = "round";
            pen.strokeStyle = String(Theme.ink);
            for (const stroke of pad.strokes) {
                pen.beginPath();
                pen.moveTo(stroke[0][0], stroke[0][1]);
                for (const point of stroke)
                    pen.lineTo(point[0], point[1]);
                pen.stroke();
            }
        }
    }

    MouseArea {
        objectName: "signature"
        anchors.fill: parent
        preventStealing: true
        Accessible.role: Accessible.Canvas
        Accessible.name: pad.hint
        onPressed: mouse => {
            pad.strokes = pad.strokes.concat([[[mouse.x, mouse.y]]]);
            drawing.requestPaint();
        }
        onPositionChanged: mouse => {
            pad.strokes[pad.strokes.length - 1].push([mouse.x, mouse.y]);
            drawing.requestPaint();
        }
    }
}
