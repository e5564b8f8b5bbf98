-- Why a backtest failed, in words.
ALTER TABLE backtest ADD COLUMN reason TEXT;
