// What charts and tables show instead of figures.

export function NoData({ data, width, height }) {
    const text = data.fieldConfig.defaults.noValue || 'No data';
    return (
        <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'center', width, height, fontSize: 18 }}>
            {text}
        </div>
    );
}
